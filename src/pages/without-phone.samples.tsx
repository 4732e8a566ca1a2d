import type { Sample } from './stage.samples.tsx'
import { ExtensionPage, ManagerPage } from './without-phone.tsx'

/** The app's code without a smartphone. */
export const withoutPhoneSamples: readonly Sample[] = (['uitpas', 'koop-cam'] as const).flatMap((portal) => [
  {
    name: `P18 extension, ${portal}`,
    portal,
    draw: (it) => (
      <ExtensionPage frame={it.inside()} extensions={it.portal.browserExtensions} issuer={it.portal.name} username={it.person.username} />
    ),
  },
  { name: `P19 password manager, ${portal}`, portal, draw: (it) => <ManagerPage frame={it.inside()} /> },
])
