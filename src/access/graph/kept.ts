/** What is kept under a key; made when it is not there yet. */
export function kept<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown; has(key: K): boolean },
  key: K,
  make: () => V,
): V {
  const known = map.get(key);
  if (known !== undefined || map.has(key)) return known as V;
  const made = make();
  map.set(key, made);
  return made;
}
