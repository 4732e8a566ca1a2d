/** What the hub shows beside the inbox. All of it is text: the pages escape it. */
export interface HubFacts {
  password: string
  portals: {
    id: string
    name: string
    address: string
    applications: { name: string; address: string; rule: string }[]
    people: { userName: string; displayName: string; state: string; email: string; phone?: string; key?: string }[]
  }[]
  ports: { smtp: number; smpp: number } | undefined
}

/** The catcher alone: an inbox and an authenticator. */
export const nothingYet: HubFacts = { password: '', portals: [], ports: undefined }
