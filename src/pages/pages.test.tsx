import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { loadPortals, type Portal } from '../portals/index.ts'
import { samples } from './all.samples.tsx'
import { sampleSecret } from './enrol.samples.tsx'
import { render } from './index.ts'
import { type Person, type Sample, stageOf, type Tongue, tongues } from './stage.samples.tsx'

const portals = [
  ...loadPortals([join(import.meta.dirname, '../../portals')], {
    address: 'http://localhost:8080',
    applications: 'http://localhost:8090',
  }).portals.values(),
]

interface Drawn {
  readonly of: string
  readonly sample: Sample
  readonly portal: Portal
  readonly tongue: Tongue
  readonly html: string
}

/** Each sample in the words of each portal, in each tongue. */
const drawn: readonly Drawn[] = portals.flatMap((portal) =>
  tongues.flatMap((tongue) => {
    const stage = stageOf(portal, tongue)
    return samples.map((sample) => ({
      of: `${sample.name}, ${portal.id}, ${tongue}`,
      sample,
      portal,
      tongue,
      html: render(sample.draw(stage)),
    }))
  }),
)

/** Those for which something is not true, by name. */
const except = (isTrue: (it: Drawn) => boolean, of: readonly Drawn[] = drawn): string[] => of.filter((it) => !isTrue(it)).map((it) => it.of)

const all = (html: string, pattern: RegExp): string[] => [...html.matchAll(pattern)].map((it) => it[1] ?? '')
const ids = (html: string): string[] => all(html, /\sid="([^"]*)"/g)
const decoded = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
/** What a person reads: the text and the texts in attributes. */
const textOf = (html: string): string =>
  decoded(html.replace(/<[^>]*?(?:(?:aria-label|data-\w+|alt)="([^"]*)"[^>]*)?>/g, ' $1 ')).replace(/\s+/g, ' ')
const headingOf = (html: string): string => decoded((/<h1[^>]*>(.*?)<\/h1>/.exec(html)?.[1] ?? '').replace(/<[^>]*>/g, ''))
const isError = ({ html, sample }: Pick<Drawn, 'html' | 'sample'>): boolean => html.includes('role="alert"') || /^P7[2-6]/.test(sample.name)

test('the four portals are read and every page is there', () => {
  expect(portals.map((it) => it.id)).toEqual(['c-point', 'koop-cam', 'profiportaal', 'uitpas'])
  const pages = [...new Set(samples.map((it) => it.name.slice(0, 3)))]
  const early = '01 02 03 04 05 06 07 10 11 12 13 15 16 17 18 19 21 25 26 27 30 31 32 35 36 37 38 39'
  const later = '40 41 42 43 44 45 46 47 48 50 52 55 58 59 60 61 62 64 66 67 71 72 73 74 75 76 77 79 82 84'
  expect(pages).toEqual(`${early} ${later}`.split(' ').map((it) => `P${it}`))
  expect(new Set(samples.map((it) => it.name)).size).toBe(samples.length)
})

describe('each page, in every portal and tongue', () => {
  test('begins as a page in its own language, with one heading, the one of its title', () => {
    expect(
      except(({ html, tongue }) => html.startsWith(`<!doctype html><html lang="${tongue === 'en' ? 'en' : 'nl'}" dir="ltr">`)),
    ).toEqual([])
    expect(except(({ html }) => all(html, /<(h1)\b/g).length === 1)).toEqual([])
    const title = ({ html, portal, tongue, sample }: Drawn) => {
      const state = isError({ html, sample }) ? (tongue === 'en' ? 'Error: ' : 'Fout: ') : ''
      return (
        html.includes(`<title>`) && decoded(/<title>(.*?)<\/title>/.exec(html)?.[1] ?? '') === `${state}${headingOf(html)} - ${portal.name}`
      )
    }
    expect(except(title)).toEqual([])
  })

  test('has no level of headings skipped', () => {
    const levels = (html: string) =>
      all(html, /<h(\d)\b/g)
        .map(Number)
        .filter((_, at, list) => at > 0 || list[0] !== 2)
    expect(except(({ html }) => levels(html).every((it, at, list) => at === 0 || it <= (list[at - 1] ?? 1) + 1))).toEqual([])
  })

  test('has no hole in its words', () => {
    expect(except(({ html }) => !/[{}]|undefined|\[object|NaN|Invalid Date|\[\w+\/\w+\]/.test(html))).toEqual([])
    expect(except(({ html }) => !/<(p|li|h1|h2|h3|button|a|label|summary)\b[^>]*>\s*<\/\1>/.test(html))).toEqual([])
  })

  test('has no script or style in it', () => {
    expect(except(({ html }) => !/\sstyle=|<style|\son\w+=|javascript:/i.test(html))).toEqual([])
    expect(
      except(({ html }) => /^<script src="[^"]+" defer><\/script>$/.test((html.match(/<script[\s\S]*?<\/script>/g) ?? []).join(''))),
    ).toEqual([])
  })

  test('gives each id once, and every reference leads to one', () => {
    expect(except(({ html }) => new Set(ids(html)).size === ids(html).length)).toEqual([])
    const references = (html: string) =>
      all(html, /\s(?:for|aria-describedby|aria-labelledby|data-of)="([^"]*)"|href="#/g).flatMap((it) => it.split(' '))
    const anchors = (html: string) => all(html, /href="#([^"]*)"/g)
    expect(except(({ html }) => [...references(html), ...anchors(html)].every((it) => it === '' || ids(html).includes(it)))).toEqual([])
  })

  test('has a label at every field and a type at every button', () => {
    const fields = (html: string) => html.match(/<(?:input|textarea)\b[^>]*>/g)?.filter((it) => !/type="hidden"|\shidden/.test(it)) ?? []
    const isLabelled = (html: string, field: string) => {
      const id = /\sid="([^"]*)"/.exec(field)?.[1]
      return /aria-labelledby/.test(field) || html.includes(`<label for="${id}"`)
    }
    expect(except(({ html }) => fields(html).every((it) => isLabelled(html, it)))).toEqual([])
    expect(except(({ html }) => (html.match(/<button\b[^>]*>/g) ?? []).every((it) => it.includes('type="submit"')))).toEqual([])
  })

  test('posts with its proof and gets without it', () => {
    const forms = (html: string) => html.match(/<form\b[\s\S]*?<\/form>/g) ?? []
    expect(except(({ html }) => forms(html).every((it) => it.includes('method="post"') === it.includes('name="csrf"')))).toEqual([])
    expect(except(({ html }) => forms(html).every((it) => /<button/.test(it)))).toEqual([])
  })

  test('has one thing to do', () => {
    expect(except(({ html }) => all(html, /class="(primary)"/g).length <= 1)).toEqual([])
  })

  test('is small', () => {
    expect(except(({ html }) => gzipSync(html).length < 15 * 1024)).toEqual([])
  })
})

describe('the words', () => {
  /** What a portal says in its own words, whatever the register. */
  const withoutOwn = (text: string, { labels, texts, support, name }: Portal): string =>
    [...Object.values(labels), ...Object.values(texts), support.name, ...support.lines]
      .flatMap((it) => Object.values(it))
      .filter((it) => it !== undefined)
      .toSorted((a, b) => b.length - a.length)
      .reduce((rest, it) => rest.replaceAll(it.replaceAll('{portal}', name), ' '), text)

  test('one register on a page: no u among je, no je among u', () => {
    const own = ({ html, portal }: Drawn) => withoutOwn(textOf(html), portal)
    const isJe = (it: Drawn) => !/(?<![\w.-])(u|uw|uzelf)(?![\w.-])/i.test(own(it))
    const isU = (it: Drawn) => !/(?<![\w.-])(je|jij|jou|jouw|jezelf)(?![\w.-])/i.test(own(it))
    const atHome = (it: Drawn) => it.tongue !== 'en'
    expect(except((it) => (it.tongue === 'nl' ? isJe(it) : isU(it)), drawn.filter(atHome))).toEqual(itTextPages('nl'))
  })

  /** The text for an IT department is formal for everybody. */
  const itTextPages = (tongue: Tongue) => drawn.filter((it) => it.tongue === tongue && it.html.includes('uw server')).map((it) => it.of)

  test('nobody is blamed', () => {
    const never =
      /\b(ongeldig|foutief|sorry|helaas|oeps|verboden|geweigerd|geblokkeerd|token|OTP|TOTP|2FA|factor|credential|sessie|ticket-ID|server error|neem contact op met de beheerder|klik hier|u dient|gelieve|invalid|illegal|oops|please contact your administrator)/i
    // What makers call their own things: facts for another maker, the name in a shop, the field of a password manager.
    const withoutNames = (html: string) =>
      html.replace(/<dl class="facts" lang="en">[\s\S]*?<\/dl>|<span lang="en">[^<]*<\/span>|TOTP-sleutel|TOTP key/g, '')
    const spoken = ({ html, portal }: Drawn) =>
      Object.values(portal.vocabulary.twoStep ?? {}).reduce<string>(
        (text, it) => text.replaceAll(new RegExp(it ?? '', 'gi'), ' '),
        textOf(withoutNames(html)),
      )
    expect(except((it) => !never.test(spoken(it)))).toEqual([])
  })
})

describe('errors', () => {
  const wrong = drawn.filter((it) => it.html.includes('role="alert"'))
  const atField = wrong.filter((it) => it.html.includes('aria-invalid') || it.html.includes('class="error"'))

  test('come first in the page, lead to the field and stand there in the same words', () => {
    expect(atField.length).toBeGreaterThan(100)
    expect(except(({ html }) => /<main[^>]*><div class="errors" role="alert"/.test(html), wrong)).toEqual([])
    const isTwice = ({ html }: Drawn) => {
      const [, field, said = '-'] = /<a href="#([\w-]+)">([^<]*)<\/a><\/li><\/ul><\/div>/.exec(html) ?? []
      return html.includes(`id="${field}-error"><span class="vh">`) && html.includes(`</span> ${said}</p>`)
    }
    expect(except(isTwice, atField)).toEqual([])
  })

  test('never send back a password or a code', () => {
    expect(except(({ html }) => !/<input[^>]*name="(password|code)"[^>]*value=/.test(html))).toEqual([])
  })

  test('are no part of the calm pages', () => {
    const calm = drawn.filter((it) => /^P0[57]/.test(it.sample.name))
    expect(except((it) => !isError(it) && !it.html.includes('class="error'), calm)).toEqual([])
  })
})

describe('a code', () => {
  const codePages = drawn.filter((it) => it.html.includes('name="code"'))

  test('has one field that takes anything, with the attributes that programs look for', () => {
    const field = (html: string) => /<input[^>]*name="code"[^>]*>/.exec(html)?.[0] ?? ''
    const wanted = [
      'id="code"',
      'type="text"',
      'inputmode="numeric"',
      'autocomplete="one-time-code"',
      'autocapitalize="none"',
      'spellcheck="false"',
    ]
    expect(except(({ html }) => wanted.every((it) => field(html).includes(it)), codePages)).toEqual([])
    expect(except(({ html }) => !/maxlength|pattern|placeholder/.test(field(html)), codePages)).toEqual([])
    expect(except(({ html }) => all(html, /name="(code)"/g).length === 1, codePages)).toEqual([])
  })

  test('is asked for again above the field and never by its form', () => {
    const resend = codePages.filter((it) => it.html.includes('/resend"'))
    expect(resend.length).toBeGreaterThan(100)
    expect(except(({ html }) => html.indexOf('/resend"') < html.indexOf('name="code"'), resend)).toEqual([])
    const formOf = (html: string) => /<form(?:(?!<form)[\s\S])*name="code"[\s\S]*?<\/form>/.exec(html)?.[0] ?? ''
    expect(except(({ html }) => all(formOf(html), /<(button)/g).length === 1, codePages)).toEqual([])
  })

  test('has its secret on one page alone, once as a picture, once as a key', () => {
    const isSecret = (html: string) => html.includes(sampleSecret) || html.includes('GEZD GNBV') || html.includes('class="qr')
    expect(except(({ html, sample }) => isSecret(html) === sample.name.startsWith('P17'))).toEqual([])
  })
})

describe('names of people and applications (T081)', () => {
  const payloads = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    'javascript:alert(1)',
    '</title><svg onload=alert(1)>',
    '{{7*7}}',
    '=cmd|calc',
    '<!--',
    '\u202Etxt.exe',
  ]
  for (const payload of payloads)
    test(`${payload} is shown as the characters it is`, () => {
      const names = { username: payload, maskedEmail: payload, lastTwo: payload, phone: payload, application: payload } satisfies Person
      const portal = { ...(portals[0] as Portal), name: payload }
      const plain = stageOf(portals[0] as Portal, 'nl')
      const loaded = stageOf(portal, 'nl', { person: names })
      const tags = (html: string) => (html.match(/<[a-z/!](?:"[^"]*"|[^">])*>/gi) ?? []).map((it) => it.replace(/"[^"]*"/g, '""')).join('')
      const changed = samples.filter((it) => tags(render(it.draw(loaded))) !== tags(render(it.draw(plain))))
      expect(changed.map((it) => it.name)).toEqual([])
      expect(textOf(render(samples[2]?.draw(loaded) as never))).toContain(payload.replace(/\s+/g, ' '))
    })

  test('an address that would run something leads nowhere', () => {
    const stage = stageOf(portals[0] as Portal, 'nl')
    const frame = stage.frame()
    const support = [{ link: 'javascript:alert(1)', text: 'help' }]
    const evil = { ...stage, frame: () => ({ ...frame, portal: { ...frame.portal, support, links: { guide: 'data:text/html,x' } } }) }
    const html = render((samples[0] as Sample).draw(evil))
    expect(html).not.toMatch(/javascript:|data:text/)
    expect(html).toContain('<a href="#">help</a>')
  })
})
