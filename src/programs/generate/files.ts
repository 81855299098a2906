import { stringify } from 'yaml'
import { customResourceDefinitions } from '../../core/api/crds.ts'

/** A file that is made and never edited. */
export interface GeneratedFile {
  readonly name: string
  readonly text: string
}

const header = '# Written by `npm run generate` from the schemas in src/core/api; edit those.\n'

/** One file for each CustomResourceDefinition, named after its plural. */
export function generatedFiles(): readonly GeneratedFile[] {
  return customResourceDefinitions().map((definition) => ({
    name: `${definition.spec.names.plural}.yaml`,
    text: header + stringify(definition, { lineWidth: 110, aliasDuplicateObjects: false }),
  }))
}
