/// <reference types="vite/client" />
interface Window {
  MonacoEnvironment?: { getWorker(id: string, label: string): Worker };
}
declare module "*.graphql?raw" {
  const text: string;
  export default text;
}
declare module "monaco-editor/esm/vs/editor/editor.worker.js";
declare module "monaco-editor/esm/vs/language/json/json.worker.js";
declare module "monaco-graphql/esm/graphql.worker.js";
