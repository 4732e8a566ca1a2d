/*
 * From a zod schema to what people read: a JSON Schema for editors, a commented YAML file, a table of keys.
 * What a key means comes from its `.describe` or `.meta`; what is shown as its value from its example, else its default.
 */
import { stringify } from 'yaml'
import { z } from 'zod'

/**
 * @typedef {object} Schema
 * @property {string} [type]
 * @property {string} [description]
 * @property {unknown[]} [examples]
 * @property {unknown} [default]
 * @property {unknown[]} [enum]
 * @property {unknown} [const]
 * @property {Record<string, Schema>} [properties]
 * @property {string[]} [required]
 * @property {Schema | boolean} [additionalProperties]
 * @property {Schema} [items]
 * @property {Schema[]} [oneOf]
 * @property {Schema[]} [anyOf]
 * @property {string} [format]
 * @property {string} [pattern]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {number} [minLength]
 * @property {number} [maxLength]
 * @property {number} [minItems]
 * @property {number} [maxItems]
 */

/**
 * @param {z.ZodType} schema
 * @returns {Schema}
 */
export function jsonSchemaOf(schema) {
  const made = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema: it }) => {
      // An address may begin with {applications}; days and mail addresses are told well enough by their format.
      if (it.format === 'uri') {
        delete it.format
        it.pattern = '^(https?://|\\{applications\\})'
      } else if (it.format) delete it.pattern
    },
  })
  return /** @type {Schema} */ (made)
}

/**
 * All keys with what they mean; those that nobody has to give and that have no value to show are commented out.
 * @param {Schema} schema
 * @returns {string[]}
 */
export function commentedFile(schema) {
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).flatMap(([key, it]) => ['', ...keyLines(key, it, required.has(key))])
}

/**
 * @param {string} key
 * @param {Schema} schema
 * @param {boolean} isRequired
 * @returns {string[]}
 */
function keyLines(key, schema, isRequired) {
  const comment = commentOf(schema, isRequired)
  if (schema.oneOf) return [...comment, ...variantLines(key, schema, schema.oneOf)]
  const inside = holderOf(schema)
  if (inside && schema.examples === undefined) {
    const lines = indented(commentedFile(inside).filter(Boolean))
    const isLive = lines.some((it) => !/^\s*#/.test(it))
    if (isTexts(schema)) return [...comment, `# ${key}: { nl: ..., en: ... }`]
    return [...comment, isLive ? `${key}:` : `${key}: {}`, ...lines]
  }
  const value = schema.examples?.[0] ?? schema.default
  return value === undefined
    ? [...comment, `# ${key}:`]
    : [
        ...comment,
        ...stringify({ [key]: value }, { flowCollectionPadding: true })
          .trimEnd()
          .split('\n'),
      ]
}

/** A union told apart by its first key: the variant of the example, the others as comments. */
function variantLines(/** @type {string} */ key, /** @type {Schema} */ schema, /** @type {Schema[]} */ variants) {
  const wanted = /** @type {{ mode?: unknown } | undefined} */ (schema.examples?.[0])?.mode
  const modeOf = (/** @type {Schema} */ it) => it.properties?.mode?.const
  const shown = variants.find((it) => modeOf(it) === wanted) ?? variants[0] ?? {}
  const { mode, ...rest } = shown.properties ?? {}
  const others = variants.filter((it) => it !== shown)
  return [
    `${key}:`,
    ...others.map((it) => `  # mode: ${modeOf(it)}: ${it.properties?.mode?.description}`),
    `  # ${mode?.description}`,
    `  mode: ${mode?.const}`,
    ...indented(commentedFile({ ...shown, properties: rest }).filter(Boolean)),
  ]
}

/** What stands inside: the keys of an object, or one entry of a table whose keys are free. */
function holderOf(/** @type {Schema} */ schema) {
  if (schema.properties) return schema
  const entry = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
  return entry?.properties ? { properties: { desk: { ...entry, description: 'One of them.' } }, required: ['desk'] } : undefined
}

const isTexts = (/** @type {Schema} */ { properties = {} }) => Object.keys(properties).join() === 'nl,en,fr,de'
const indented = (/** @type {string[]} */ lines) => lines.map((it) => `  ${it}`)

function commentOf(/** @type {Schema} */ schema, /** @type {boolean} */ isRequired) {
  const limits = schema.properties || schema.oneOf ? '' : allowedIn(schema)
  const told = [schema.description ?? '', limits ? `Allowed: ${limits}.` : '', isRequired ? 'Needed.' : ''].filter(Boolean).join(' ')
  return wrapped(told, 116).map((it) => `# ${it}`)
}

/**
 * @param {Schema} schema
 * @returns {string}
 */
export function tableOfKeys(schema) {
  const rows = rowsOf(schema, '').map((row) => `| ${row.map((it) => it.replaceAll('|', '\\|')).join(' | ')} |`)
  return ['| key | what it does | allowed | when left out |', '|---|---|---|---|', ...rows].join('\n')
}

/**
 * @param {Schema} schema
 * @param {string} prefix
 * @returns {string[][]}
 */
function rowsOf(schema, prefix) {
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).flatMap(([key, it]) => {
    const path = `${prefix}${key}`
    const left = it.default === undefined ? (required.has(key) ? '(needed)' : '') : `\`${JSON.stringify(it.default)}\``
    const row = [`\`${path}\``, it.description ?? '', it.properties || it.oneOf ? '' : allowedIn(it), left]
    if (isTexts(it)) return [[row[0] ?? '', row[1] ?? '', 'a text for each of nl, en, fr, de', left]]
    if (it.oneOf) return [row, ...variantRows(it.oneOf, path)]
    const entry = typeof it.additionalProperties === 'object' && it.additionalProperties.properties ? it.additionalProperties : undefined
    if (entry && !isTexts(entry)) return [row, ...rowsOf(entry, `${path}.NAME.`)]
    return it.properties ? [row, ...rowsOf(it, `${path}.`)] : [row]
  })
}

function variantRows(/** @type {Schema[]} */ variants, /** @type {string} */ path) {
  const modes = variants.map((it) => `${it.properties?.mode?.const}: ${it.properties?.mode?.description}`).join(' ')
  const rest = variants.flatMap(({ properties = {}, required = [] }) => {
    const { mode, ...others } = properties
    return rowsOf({ properties: others, required }, `${path}.`)
  })
  return [[`\`${path}.mode\``, modes, variants.map((it) => it.properties?.mode?.const).join(', '), '(needed)'], ...rest]
}

/**
 * @param {Schema} it
 * @returns {string}
 */
function allowedIn(it) {
  if (it.enum) return it.enum.join(', ')
  if (it.const !== undefined) return String(it.const)
  if (it.anyOf) return it.anyOf.map((one) => allowedIn(one) || `{ ${Object.keys(one.properties ?? {}).join(', ')} }`).join('; or ')
  const max = it.maximum === undefined || it.maximum > 1e9 ? undefined : it.maximum
  if (it.type === 'integer') return max === undefined ? `a whole number from ${it.minimum}` : `${it.minimum} to ${max}`
  if (it.type === 'boolean') return 'true, false'
  if (it.type === 'array') return `a list${countOf(it.minItems, it.maxItems)} of ${allowedIn(it.items ?? {}) || 'entries'}`
  if (it.additionalProperties) return 'a table with keys of your own'
  if (it.type !== 'string') return ''
  if (it.format === 'date') return 'a day as 2027-03-01'
  if (it.format === 'email') return 'a mail address'
  if (it.pattern?.startsWith('^(https?://')) return 'an address with https:// or http://'
  if (it.pattern) return `text like \`${it.pattern}\`${it.maxLength ? `, at most ${it.maxLength} characters` : ''}`
  return it.maxLength ? `text, at most ${it.maxLength} characters` : 'text'
}

function countOf(/** @type {number | undefined} */ least, /** @type {number | undefined} */ most) {
  if (least !== undefined && least === most) return ` (exactly ${least})`
  return most === undefined ? '' : ` (at most ${most})`
}

function wrapped(/** @type {string} */ text, /** @type {number} */ width) {
  /** @type {string[]} */
  const lines = []
  for (const word of text.split(' ').filter(Boolean)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
