import { createContext, useContext } from 'solid-js'
import type { Account } from './account.ts'

const Context = createContext<Account>()

/** Gives the pages below it the account: `<AccountProvider value={…}>`. */
export const AccountProvider = Context.Provider

export function useAccount(): Account {
  const account = useContext(Context)
  if (account === undefined) throw new Error('useAccount() outside AccountProvider')
  return account
}
