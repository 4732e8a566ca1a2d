import type { Context, errors, interactionPolicy, ProtocolContext } from 'oidc-provider'
import type { Step } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { mayBegin, noteActivity, type Situation, situationOf } from '../sign-in/index.ts'
import { addSessionClient } from '../storage/index.ts'
import { accountOf, claimsOfScope } from './claims.ts'
import { type ClientOf, scopesOf } from './clients.ts'
import type { ConnectSettings } from './connect.ts'
import { newGrantId } from './grants.ts'
import { signedInOf } from './interactions.ts'
import { acrsOf, type Kept, keptIn, keptOf, meets, wishOf } from './wish.ts'

type Asking = Context & { readonly oidc: ProtocolContext }
type Done = Extract<Step, { step: 'done' }>

export interface PromptParts {
  readonly house: House
  readonly portal: Portal
  readonly clients: ReadonlyMap<string, ClientOf>
  readonly settings: Pick<ConnectSettings, 'visitorOf'>
  readonly errors: typeof errors
  readonly policy: typeof interactionPolicy
}

/**
 * The provider's whole policy: one question, asked when an application comes and once more when the person comes back.
 * `consent` and `select_account` are words an application may say; the first is given with the portal file, the second is a login.
 */
export function promptsOf(parts: PromptParts): interactionPolicy.Prompt[] {
  const { Check, Prompt } = parts.policy
  const mustSignIn = new Check(
    'sign_in',
    'the person has to sign in',
    'login_required',
    (context) => needsSignIn(parts, context),
    (context) => ({ kept: keptOf(context) }),
  )
  const words = ['consent', 'select_account'].map((name) => promptWithout(new Prompt({ name, requestable: true }), `${name}_prompt`))
  return [promptWithout(new Prompt({ name: 'login', requestable: true }, mustSignIn), 'login_prompt'), ...words]
}

function promptWithout(prompt: interactionPolicy.Prompt, reason: string): interactionPolicy.Prompt {
  prompt.checks.remove(reason)
  return prompt
}

/** Signs the person in to the application when nothing is missing; else says that a sign-in is needed, at most once a request. */
async function needsSignIn(parts: PromptParts, context: Asking): Promise<boolean> {
  const { house, portal, errors } = parts
  const { Interaction } = context.oidc.entities
  const client = clientOf(parts, context)
  if (!asksSomething(client, context.oidc)) throw new errors.InvalidScope('no scope that this client may have')
  const now = house.clock.now()
  const waited = keptIn(Interaction?.prompt.details)
  const kept = waited ?? wishOf(context.oidc, client.application, now)
  if (typeof kept === 'string') throw new errors.InvalidRequest(`${kept} has no known form`)
  const { mustBe } = kept.request
  if (mustBe && !acrsOf(portal).some((it) => mustBe.includes(it)))
    throw new errors.UnmetAuthenticationRequirements('none of the essential acr values can be reached here')

  // Another sign-in that is under way in this browser is none of this request's business.
  const visitor = { ...parts.settings.visitorOf(portal, context.req), flow: undefined }
  const asked = { interaction: Interaction?.uid ?? '', request: kept.request }
  const situation = await situationOf(house.storage.db, house, portal, visitor, now, asked)
  const { step, account } = situation
  if (waited) refuseOthers(parts, signedInOf(Interaction?.result)?.accountId, account?.id)
  if (step.step === 'done' && account && meets(kept, step, account.id)) {
    await letIn(parts, context, client, situation, step)
    return false
  }
  if (waited) throw unmet(parts, kept, account?.id)
  // A record will wait for this person.
  if (!context.oidc.prompts.has('none') && !(await mayBegin(house.storage.db, house, portal, visitor, now)))
    throw new errors.TemporarilyUnavailable('too many at once')
  // What was proved is not what the application must have: it is asked anew, and only what comes now counts.
  context.state.kept = step.step === 'done' ? { ...kept, request: { ...kept.request, again: true } } : kept
  return true
}

function clientOf({ clients }: PromptParts, { oidc }: Asking): ClientOf {
  const client = clients.get(oidc.client?.clientId ?? '')
  if (!client) throw new Error('the provider let a client in that the portal file does not have')
  return client
}

/** Else a person would sign in, and the application get nothing for it. */
function asksSomething({ of }: ClientOf, { params }: ProtocolContext): boolean {
  const asked = (params?.scope ?? '').split(' ')
  return scopesOf(of).some((it) => asked.includes(it))
}

/** Somebody else signed in in this browser since: nobody is switched silently. */
function refuseOthers({ errors }: PromptParts, signedIn: string | undefined, now: string | undefined): void {
  if (signedIn !== undefined && now !== undefined && signedIn !== now) throw new errors.LoginRequired('another account signed in')
}

function unmet({ errors }: PromptParts, kept: Kept, account: string | undefined): Error {
  return kept.subject !== undefined && account !== undefined && kept.subject !== account
    ? new errors.LoginRequired('the account that was asked for did not sign in')
    : new errors.UnmetAuthenticationRequirements('the sign-in did not reach what was asked')
}

/** Gives the provider what our session says at this moment, for this answer alone; every answer has a grant of its own. */
async function letIn(parts: PromptParts, { oidc }: Asking, client: ClientOf, situation: Situation, done: Done): Promise<void> {
  const { house, portal } = parts
  const { session: own, account } = situation
  if (!own || !account) throw new Error('done without a session')
  const { session, provider } = oidc
  const scopes = scopesOf(client.of)
  const grant = new provider.Grant({ jti: newGrantId(house, account.id, client.of.id), accountId: account.id, clientId: client.of.id })
  grant.addOIDCScope(scopes.join(' '))
  grant.addOIDCClaims(scopes.flatMap((it) => claimsOfScope[it]))
  session.uid = own.id
  const sid = house.vault.mac('protocol sid', portal.id, own.id, client.of.id)
  if (client.of.backchannelLogoutUri !== undefined)
    await addSessionClient(house.storage.db, { session_id: own.id, client_id: client.of.id, sid }, situation.now)
  session.authorizations = { [client.of.id]: { grantId: grant.jti, sid } }
  session.loginAccount({ accountId: account.id, acr: done.acr, amr: done.amr, loginTs: Math.floor(done.authTime / 1000) })
  session.destroyed = true
  oidc.entity('Account', accountOf(account))
  oidc.entity('Grant', grant)
  if (!oidc.prompts.has('none')) await noteActivity(house.storage.db, own, situation.now)
}
