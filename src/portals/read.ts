import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { core } from 'zod'
import type { Problem } from './problem.ts'

/** A YAML file: its value and where each key stands. */
export interface Source {
  readonly file: string
  readonly value: unknown
  lineOf(path: readonly PropertyKey[]): number | undefined
}

const longestFile = 200_000

/** Reads one YAML file; a file that is none is a problem, not a fault. */
export function readYaml(path: string): Source | Problem[] {
  const file = basename(path)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return [{ file, key: '', given: (error as NodeJS.ErrnoException).code ?? 'unreadable', allowed: 'a file that this user can read' }]
  }
  if (text.length > longestFile) return [{ file, key: '', given: `${text.length} characters`, allowed: `at most ${longestFile}` }]
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const [broken] = document.errors
  if (broken)
    return document.errors.map((it) => ({
      file,
      line: lines.linePos(it.pos[0]).line,
      key: '',
      given: firstLine(it.message),
      allowed: 'valid YAML',
    }))
  if (!isMap(document.contents))
    return [{ file, line: 1, key: '', given: 'no mapping', allowed: 'keys with values, as in docs/portal-file.md' }]
  const reserved = reservedKeys(document, (offset) => lines.linePos(offset).line)
  if (reserved.length > 0) return reserved.map((it) => ({ file, ...it, allowed: 'this key is not known' }))
  const lineOf = (keys: readonly PropertyKey[]): number | undefined => {
    const node = document.getIn(keys as unknown[], true)
    return isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined
  }
  try {
    return { file, value: document.toJS({ maxAliasCount: 20 }), lineOf }
  } catch (error) {
    return [{ file, key: '', given: firstLine((error as Error).message), allowed: 'valid YAML' }]
  }
}

/** Keys that mean something to JavaScript itself: no table of ours has them, and none may be looked up by them. */
function reservedKeys(document: Document, lineAt: (offset: number) => number): { line: number; key: string; given: string }[] {
  const found: { line: number; key: string; given: string }[] = []
  visit(document, {
    Pair(_, { key }) {
      const name = isScalar(key) ? String(key.value) : ''
      if (['__proto__', 'constructor', 'prototype'].includes(name))
        found.push({ line: lineAt(isNode(key) ? (key.range?.[0] ?? 0) : 0), key: name, given: JSON.stringify(name) })
    },
  })
  return found
}

/** What zod says, with file, line, key, given and allowed. */
export function problemsOf(issues: readonly core.$ZodIssue[], source: Source): Problem[] {
  return issues.flatMap((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [undefined]
    return unknown.map((key) => {
      const path = key === undefined ? issue.path : [...issue.path, key]
      const given = valueAt(source.value, path)
      const line = source.lineOf(path) ?? source.lineOf(path.slice(0, -1))
      return {
        file: source.file,
        ...(line === undefined ? {} : { line }),
        key: path.join('.'),
        ...(given === undefined ? {} : { given: shown(path, given) }),
        allowed: allowedBy(issue),
      }
    })
  })
}

function allowedBy(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'this key is not known'
    case 'invalid_value':
      return `allowed: ${issue.values.join(', ')}`
    case 'invalid_type':
      return `allowed: ${issue.expected}`
    case 'too_small':
      return `allowed: at least ${issue.minimum}`
    case 'too_big':
      return `allowed: at most ${issue.maximum}`
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? `allowed: ${issue.options.join(', ')}`
        : 'allowed: one of the forms in docs/portal-file.md'
    case 'invalid_key':
      return issue.issues[0] ? allowedBy(issue.issues[0]) : 'this key is not known'
    case 'invalid_format':
      return `allowed: ${issue.pattern ? `text like ${issue.pattern}` : `a ${issue.format}`}`
    default:
      return `allowed: ${issue.message}`
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (it, key) => (typeof it === 'object' && it !== null ? (it as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  )
}

/** A secret is never repeated, not even a wrong one. */
function shown(path: readonly PropertyKey[], given: unknown): string {
  if (path.some((it) => /secret|password/i.test(String(it)) && !/secondStep|File$/.test(String(it)))) return 'a value that is not shown'
  return (JSON.stringify(given) ?? String(given)).slice(0, 120)
}

const firstLine = (text: string): string => text.split('\n')[0] ?? text
