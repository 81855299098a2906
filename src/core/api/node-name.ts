const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** Whether a Node can have the name: a DNS subdomain (RFC 1123), which is also what a heartbeat can carry. */
export function isNodeName(text: string): boolean {
  return text.length <= 253 && subdomain.test(text)
}
