import { createRoot } from 'react-dom/client'
import { readAddress } from '../core/address.ts'
import { App } from './app.tsx'

const root = document.querySelector('#root')
if (root === null) throw new Error('the page has no place to draw in')
document.documentElement.dataset['theme'] = readAddress(location.search).theme
createRoot(root).render(<App />)
