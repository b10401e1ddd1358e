import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The server serves the application under /graphiql; nothing comes from another host.
export default defineConfig({
  base: "/graphiql/",
  plugins: [react()],
  worker: { format: "es" },
  build: { chunkSizeWarningLimit: 8000, sourcemap: false },
});
