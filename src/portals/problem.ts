/** What is wrong with a configuration file, in words that say what to change. */
export interface Problem {
  readonly file: string
  /** Counted from 1; undefined when the key is not in the file. */
  readonly line?: number
  /** As `secondStep.codeLifeSeconds`; empty for the file as a whole. */
  readonly key: string
  readonly given?: string
  readonly allowed: string
}

export function sentenceOf({ file, line, key, given, allowed }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`
  return `${place}: ${key ? `${key}: ` : ''}${given === undefined ? 'missing' : `given ${given}`}; ${allowed}`
}
