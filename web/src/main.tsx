import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Shell } from "./shell/Shell";
import "@fontsource-variable/noto-sans-kr";
import "./shell/style.css";

const place = document.getElementById("page");
if (place === null) throw new Error("index.html lacks #page");
createRoot(place).render(
  <StrictMode>
    <Shell />
  </StrictMode>,
);
