import type { VNode } from 'preact'
import type { Frame } from './frame.ts'
import { Field, Primary } from './parts.tsx'

/** F4: a new password and the button that keeps it; the rule stands before the field, and there is no second one. */
export function NewPassword({ frame, minimum }: { readonly frame: Frame; readonly minimum: number }): VNode {
  const { words } = frame
  return (
    <>
      <div data-show={words.t('P02.show')}>
        <Field
          frame={frame}
          name="new_password"
          label={words.t('F4.label')}
          hint={words.t('F4.hint', { min: minimum })}
          type="password"
          autocomplete="new-password"
        />
      </div>
      <Primary>{words.t('F4.save')}</Primary>
    </>
  )
}
