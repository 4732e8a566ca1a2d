import { makeProgram } from './commands/index.ts'

/** `bin/sluis`. The server is loaded only by `serve`. */
const program = makeProgram(async (configFile) => {
  const { serve } = await import('./main.ts')
  await serve(configFile)
})
await program.parseAsync()
