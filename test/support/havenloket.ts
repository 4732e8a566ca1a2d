/** A portal with a code by mail and nothing else, for tests of what stands under it: processes, disks, databases. */
export const havenloket = `
name: Havenloket
country: BE
register: je
languages: [nl, en]
pages: one-page
secondStep: { methods: [email], choice: every-time, gate: email }
enforcement: { mode: at-once }
limits: { firstCodesPerHour: 60 }
support: { name: { nl: de helpdesk }, lines: [{ email: help@loket.example }] }
theme: { colour: "#1f4e79" }
mail: { from: noreply@loket.example }
`
/** Of everybody there. */
export const secret = 'zeven natte otters'
