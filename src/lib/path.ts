/** Reads a dotted path in nested data. Knows nothing of what the data mean. */

/**
 * The value at `path`: the key written exactly so if there is one, else along the dots. Through an array, the first
 * element that has the rest of the path.
 * @example readPath({ a: { b: 1 } }, 'a.b') // 1
 * @example readPath({ 'id.orig_h': 'x' }, 'id.orig_h') // 'x'
 */
export function readPath(data: unknown, path: string): unknown {
  if (data === null || typeof data !== 'object') return undefined;
  if (Array.isArray(data)) return readThroughArray(data, path);
  if (Object.hasOwn(data, path)) return (data as Record<string, unknown>)[path];
  let dot = path.indexOf('.');
  while (dot !== -1) {
    const head = path.slice(0, dot);
    if (Object.hasOwn(data, head)) {
      const found = readPath((data as Record<string, unknown>)[head], path.slice(dot + 1));
      if (found !== undefined) return found;
    }
    dot = path.indexOf('.', dot + 1);
  }
  return undefined;
}

function readThroughArray(items: readonly unknown[], path: string): unknown {
  for (const item of items) {
    const found = readPath(item, path);
    if (found !== undefined) return found;
  }
  return undefined;
}
