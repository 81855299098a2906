const most = 100

/** The text in quotation marks, cut where it is long: an annotation may have more than a condition has room for. */
export function quoted(text: string): string {
  return `"${shortened(text)}"`
}

/** The text, cut where it is long. */
export function shortened(text: string): string {
  return text.length > most ? `${text.slice(0, most)}…` : text
}
