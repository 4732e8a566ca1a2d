import type { Situation } from './situation.ts'

/** The person came by the link that turns the second step on early: the sign-in that begins now wants it. */
export const wantedFrom = (before: Situation): Situation => ({ ...before, facts: [...before.facts, { fact: 'wanted', at: before.now }] })
