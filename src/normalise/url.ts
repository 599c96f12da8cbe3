/** Parts of URLs as proxies and web servers write them: absolute, `host:port` (CONNECT), or a path alone. */

interface Cut {
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** The last one cut: its path, query and host are asked for one after the other. */
let lastUrl = '';
let lastCut: Cut = { host: '', path: '', query: '' };

function cut(url: string): Cut {
  if (url !== lastUrl) {
    lastCut = cutAnew(url);
    lastUrl = url;
  }
  return lastCut;
}

function cutAnew(url: string): Cut {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0];
  const rest = scheme === undefined ? url : url.slice(scheme.length);
  const slash = rest.search(/[/?#]/);
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const hasHost = scheme !== undefined || /^[^/?#]+:\d+$/.test(authority);
  const tail = hasHost ? (slash === -1 ? '' : rest.slice(slash)) : url;
  const [beforeHash = ''] = tail.split('#', 1);
  const mark = beforeHash.indexOf('?');
  return {
    host: hasHost ? authority : '',
    path: mark === -1 ? beforeHash : beforeHash.slice(0, mark),
    query: mark === -1 ? '' : beforeHash.slice(mark + 1),
  };
}

/** The host without user, port and brackets, in lower case. */
export function urlHost(url: string): string | undefined {
  const authority = cut(url).host;
  const bare = authority.slice(authority.lastIndexOf('@') + 1);
  const host = /^\[([^\]]+)\]/.exec(bare)?.[1] ?? bare.replace(/:\d*$/, '');
  return host.toLowerCase() || undefined;
}

export function urlPath(url: string): string | undefined {
  return cut(url).path || undefined;
}

export function urlQuery(url: string): string | undefined {
  return cut(url).query || undefined;
}

/** The extension of the path's last segment, in lower case and without the point. Works on file paths, too. */
export function extension(url: string): string | undefined {
  const { path } = cut(url);
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const point = name.lastIndexOf('.');
  const text = point > 0 ? name.slice(point + 1).toLowerCase() : '';
  return /^[a-z0-9_]{1,12}$/.test(text) ? text : undefined;
}
