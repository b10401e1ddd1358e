// The editor's workers, as files of our own: no blob, no other host.
self.MonacoEnvironment = {
  getWorker(_id: string, label: string): Worker {
    switch (label) {
      case "json":
        return new Worker(new URL("./json.worker.ts", import.meta.url), { type: "module" });
      case "graphql":
        return new Worker(new URL("./graphql.worker.ts", import.meta.url), { type: "module" });
      default:
        return new Worker(new URL("./editor.worker.ts", import.meta.url), { type: "module" });
    }
  },
};
export {};
