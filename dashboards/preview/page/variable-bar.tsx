import { changed } from '../core/address.ts'
import type { Choice } from '../core/interpolate.ts'

/** Goes to the same page with another choice. */
export const go = (changes: Readonly<Record<string, string | readonly string[]>>): void =>
  location.assign(changed(location.search, changes))

const every = '$__all'

/** The variables of a board; one value or all of it can be chosen here, several by the address. */
export const VariableBar = ({ choices }: { readonly choices: readonly Choice[] }) => (
  <form className="variables">
    {choices.map(({ variable: { name, label, includeAll }, offered, chosen }) => (
      <label key={name}>
        {label ?? name}{' '}
        <select
          value={chosen?.[0] ?? every}
          onChange={({ target: { value } }) => go({ [`var-${name}`]: value === every ? [] : value })}
        >
          {includeAll === true && <option value={every}>All</option>}
          {offered.map((value) => (
            <option key={value}>{value}</option>
          ))}
        </select>
      </label>
    ))}
  </form>
)
