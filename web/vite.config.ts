import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { coast } from "./coast.ts";

// Everything is relative to `<base>`, which the gateway sets: the page lies at the root of its origin or under any prefix
// that a proxy takes off.
export default defineConfig({
  base: "./",
  plugins: [react(), coast()],
  worker: { format: "es" },
  build: { outDir: "python/wideberth_web/dist", emptyOutDir: true, target: "es2022", sourcemap: false },
  server: { proxy: { "/v1": "http://127.0.0.1:8765", "/info": "http://127.0.0.1:8765", "/readyz": "http://127.0.0.1:8765" } },
});
