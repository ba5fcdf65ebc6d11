/** Stands in until the page exists. */
export function Page() {
  return <h1>Models</h1>
}
