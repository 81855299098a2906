import { stringify } from 'yaml'
import { customResourceDefinitions } from '../../core/api/crds.ts'
import { chartTemplateOf } from './chart-template.ts'

/** A file that is made and never edited. */
export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
}

const header = '# Written by `npm run generate` from the schemas in src/core/api; edit those.\n'

/** Each CustomResourceDefinition, named after its plural: as it is, and as a template of the chart. */
export function definitionFiles(): readonly GeneratedFile[] {
  return customResourceDefinitions().flatMap((definition) => {
    const name = `${definition.spec.names.plural}.yaml`
    const text = header + stringify(definition, { lineWidth: 110, aliasDuplicateObjects: false })
    return [
      { path: `crds/${name}`, text },
      { path: `charts/lanlord/templates/crds/${name}`, text: chartTemplateOf(text) },
    ]
  })
}
