import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `base` is relative, so that the built page works under any path
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
