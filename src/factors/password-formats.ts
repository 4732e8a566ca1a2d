import { createHash, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'

/*
 * Hashes that come with an import. Their costs are bounded, so that a table cannot hold a weapon.
 *
 *   $argon2id$v=19$m=..,t=..,p=..$salt$hash     PHC; m at most 256 MiB, t 10, p 4
 *   $2a$ $2b$ $2y$ cost 4..14                   bcrypt
 *   pbkdf2_sha256$iterations$salt$hash          as Django writes it; sha1, sha256, sha512; at most 2,000,000 iterations
 *   {SSHA} {SSHA256} {SSHA512}                  LDAP: base64 of digest and salt
 */
export type HashFormat = 'argon2id' | 'bcrypt' | 'pbkdf2' | 'ssha'

const argon2id = /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=([1-4])\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}$/
const bcrypt = /^\$2[aby]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/
const pbkdf2Text = /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,7})\$([^$]{1,128})\$([A-Za-z0-9+/]{16,88}={0,2})$/
const sshaText = /^\{(SSHA|SSHA256|SSHA512)\}([A-Za-z0-9+/]{28,200}={0,2})$/
const derive = promisify(pbkdf2)

/** The format of a stored hash; undefined when it is none that can be checked at a bounded cost. */
export function formatOf(hash: string): HashFormat | undefined {
  const [, memory = '', passes = ''] = argon2id.exec(hash) ?? []
  if (memory)
    return Number(memory) >= 8 && Number(memory) <= 262_144 && Number(passes) >= 1 && Number(passes) <= 10 ? 'argon2id' : undefined
  if (bcrypt.test(hash)) return 'bcrypt'
  const iterations = Number(pbkdf2Text.exec(hash)?.[2] ?? 0)
  if (iterations >= 1 && iterations <= 2_000_000) return 'pbkdf2'
  return readSsha(hash) ? 'ssha' : undefined
}

/** Checks a password against a bcrypt, PBKDF2 or SSHA hash; false for anything else. */
export async function verifyImported(hash: string, plain: string): Promise<boolean> {
  switch (formatOf(hash)) {
    case 'bcrypt':
      return verifyWithBcrypt(hash.replace(/^\$2y/, '$2b'), plain)
    case 'pbkdf2':
      return verifyPbkdf2(hash, plain)
    case 'ssha':
      return verifySsha(hash, plain)
    default:
      return false
  }
}

/** bcrypt hashes 72 bytes and no NUL: what it cannot tell apart is not right, and is as much work. */
async function verifyWithBcrypt(hash: string, plain: string): Promise<boolean> {
  const canBe = !plain.includes('\0') && Buffer.byteLength(plain) <= 72
  return (await verifyBcrypt(canBe ? plain : 'nobody', hash)) && canBe
}

async function verifyPbkdf2(hash: string, plain: string): Promise<boolean> {
  const [, digest = '', iterations = '', salt = '', sum = ''] = pbkdf2Text.exec(hash) ?? []
  const expected = Buffer.from(sum, 'base64')
  return timingSafeEqual(await derive(plain, salt, Number(iterations), expected.length, digest), expected)
}

function verifySsha(hash: string, plain: string): boolean {
  const read = readSsha(hash)
  return read !== undefined && timingSafeEqual(createHash(read.digest).update(plain).update(read.salt).digest(), read.sum)
}

function readSsha(hash: string): { digest: string; sum: Buffer; salt: Buffer } | undefined {
  const [, scheme = '', text = ''] = sshaText.exec(hash) ?? []
  const [digest, length] = ({ SSHA: ['sha1', 20], SSHA256: ['sha256', 32], SSHA512: ['sha512', 64] } as const)[scheme] ?? []
  const bytes = Buffer.from(text, 'base64')
  if (!digest || length === undefined || bytes.length <= length || bytes.length > length + 64) return undefined
  return { digest, sum: bytes.subarray(0, length), salt: bytes.subarray(length) }
}
