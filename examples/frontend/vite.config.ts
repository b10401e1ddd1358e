import { defineConfig } from "vite";

// The page and the graph share an origin, in development as behind a reverse proxy, so no CORS is needed.
const proxy = { "/graphql": process.env.TIAOKUAI_ORIGIN ?? "http://127.0.0.1:8000" };

export default defineConfig({ server: { proxy }, preview: { proxy } });
