/** The smallest portal that is right, as its file says it; each test makes one thing of it other. */
export const desk = {
  name: 'Desk',
  country: 'NL',
  register: 'u',
  secondStep: { methods: ['totp'] },
  enforcement: { mode: 'at-once' },
  support: { name: { nl: 'de balie' }, lines: [{ email: 'help@desk.example' }] },
  theme: { colour: '#1f4e79' },
  mail: { from: 'noreply@desk.example' },
}
