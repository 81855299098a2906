import { apiVersionOf, type ResourceType } from './resource-type.ts'

function idOf(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`
}

/** Every resource that is served now; custom ones come and go. */
export class Registry {
  readonly #types = new Map<string, ResourceType>()
  #generation = 0

  /** Changes whenever a resource came or went, so that documents made from all of them can be kept until then. */
  get generation(): number {
    return this.#generation
  }

  add(type: ResourceType): void {
    this.#types.set(idOf(type.group, type.version, type.plural), type)
    this.#generation++
  }

  remove(group: string, plural: string): void {
    for (const [id, type] of this.#types) {
      if (type.group === group && type.plural === plural) this.#types.delete(id)
    }
    this.#generation++
  }

  find(group: string, version: string, plural: string): ResourceType | undefined {
    return this.#types.get(idOf(group, version, plural))
  }

  ofKind(apiVersion: string, kind: string): ResourceType | undefined {
    return this.all().find((type) => type.kind === kind && apiVersionOf(type) === apiVersion)
  }

  /** The type whose shape is the one that a shelf's objects are stored in. */
  ofShelf(shelf: string): ResourceType | undefined {
    return this.all().find((type) => type.shelf === shelf && type.view === undefined)
  }

  all(): readonly ResourceType[] {
    return [...this.#types.values()]
  }

  /** Group, then version, then the resources in it, in the order they were added. */
  groups(): ReadonlyMap<string, ReadonlyMap<string, readonly ResourceType[]>> {
    const groups = new Map<string, Map<string, ResourceType[]>>()
    for (const type of this.#types.values()) {
      const versions = groups.get(type.group) ?? new Map<string, ResourceType[]>()
      groups.set(type.group, versions)
      versions.set(type.version, [...(versions.get(type.version) ?? []), type])
    }
    return groups
  }
}
