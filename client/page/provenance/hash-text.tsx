/** A hash by its first letters, all of it on hover. */
export function HashText({ hash, algorithm }: { readonly hash: string | null; readonly algorithm?: string | null }) {
  if (hash === null) return <span class="quiet">unknown</span>;
  return (
    <span title={algorithm ? `${algorithm} ${hash}` : hash}>
      <span class="code">{hash.slice(0, 8)}</span>
      {algorithm && <span class="quiet"> {algorithm}</span>}
    </span>
  );
}
