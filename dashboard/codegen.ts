import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  schema: '../schema/*.graphqls',
  documents: 'src/api/*.graphql',
  generates: {
    'src/api/generated.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        onlyOperationTypes: true,
        skipTypename: true,
        useTypeImports: true,
        pureMagicComment: true, // each page brings its own documents alone
        scalars: { DateTime: 'string', TimeZone: 'string', Decimal: { input: 'string', output: './decimal#Decimal' }, Cursor: 'string', JSON: 'unknown' },
      },
    },
  },
}

export default config
