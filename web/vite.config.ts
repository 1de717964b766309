import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `base: "./"` would break deep links; the gateway serves the page at the root of its origin or under a prefix
// that its proxy strips.
export default defineConfig({
  plugins: [react()],
  worker: { format: "es" },
  build: { outDir: "python/wideberth_web/dist", emptyOutDir: true, target: "es2022", sourcemap: false },
  server: { proxy: { "/v1": "http://127.0.0.1:8765", "/info": "http://127.0.0.1:8765", "/readyz": "http://127.0.0.1:8765" } },
});
