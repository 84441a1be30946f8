import { apiPaths } from './apiPaths.ts';

/** What programs may ask, by dialect. */
export function ApiPaths() {
  return (
    <section className="card" aria-label="Endpoints">
      <header>
        <h2 className="h3">Endpoints</h2>
        <span className="note">one port, every dialect</span>
      </header>
      <div className="api-paths">
        {apiPaths.map(({ dialect, paths }) => (
          <div key={dialect}>
            <h3>{dialect}</h3>
            <ul>
              {paths.map(({ method, path }) => (
                <li key={path}>
                  <span className="mono method">{method}</span>
                  <span className="mono ell" title={path}>
                    {path}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}
