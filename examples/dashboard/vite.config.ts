import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// relative addresses: the built page works under whatever path it is served
export default defineConfig({
  root: "web",
  base: "./",
  plugins: [react()],
  build: { outDir: "../dist/page", emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: {
    proxy: {
      "/api": "http://127.0.0.1:3000",
      "/health": "http://127.0.0.1:3000",
      "/example": "http://127.0.0.1:3000",
    },
  },
});
