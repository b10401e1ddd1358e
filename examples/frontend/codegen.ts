// Types from the contract: every query in src is checked against schema.graphql and gets the type of its answer.
import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../../schema.graphql",
  documents: ["src/**/*.ts"],
  ignoreNoDocuments: true,
  generates: {
    "./src/gql/": {
      preset: "client",
      config: {
        useTypeImports: true,
        strictScalars: true,
        scalars: { Date: "string", DateTime: "string", DivisionCode: "string", CreditCode: "string" },
      },
      presetConfig: { fragmentMasking: false },
    },
  },
};

export default config;
