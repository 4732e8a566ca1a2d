import type { Both } from './catalogue.ts'

/** While a script works for who stands in a network that pauses. */
export const work = {
  'work.wait': [
    'Een ogenblik, het is hier druk. Daarna gaan we vanzelf verder.',
    'One moment, it is busy here. Then we go on by ourselves.',
  ],
  'work.ready': ['[Je kunt/U kunt] het nu opnieuw proberen.', 'You can try again now.'],
} satisfies Record<string, Both>
