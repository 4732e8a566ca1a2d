/** What the hub shows beside the inbox. All of it is text: the pages escape it. */
export interface HubFacts {
  password: string
  portals: {
    id: string
    name: string
    address: string
    /** What this portal calls the profile. */
    profile: string
    applications: { name: string; address: string; rule: string }[]
    people: { userName: string; displayName: string; state: string; email: string; phone?: string; key?: string }[]
  }[]
  stories: Story[]
  ports: { smtp: number; smpp: number } | undefined
}

/** Something to try: who, where, and what there is to see. */
export interface Story {
  title: string
  text: string
  link: { name: string; address: string }
  /** A line for a terminal in the folder of the project. */
  command?: string
}

/** The catcher alone: an inbox, an authenticator, and trouble on demand. */
export const nothingYet: HubFacts = { password: '', portals: [], stories: [], ports: undefined }
