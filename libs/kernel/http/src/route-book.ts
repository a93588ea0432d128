import { type RouteOptions } from 'fastify';
import { type Access } from '@quan-so/auth';
import { type OperationDef } from '@quan-so/contract';

/** A service that may not start: its message is one sentence for whoever wrote the route. */
export class RouteRefused extends Error {
  override readonly name = 'RouteRefused';
}

interface Route {
  readonly method: string;
  readonly url: string;
  readonly pattern: RegExp;
  readonly access: Access | undefined;
  readonly operation: OperationDef | undefined;
}

/**
 * The routes Fastify really has, raw ones too, as its `onRoute` hook tells them: decorators say what was meant, this is
 * what answers.
 */
export class RouteBook {
  readonly #routes: Route[] = [];

  add({ method, url, config }: RouteOptions): void {
    for (const one of [method].flat()) {
      this.#routes.push({ method: one.toUpperCase(), url, pattern: patternOf(url), access: config?.access, operation: config?.operation });
    }
  }

  /** Methods that some route takes at this path; empty when there is none. */
  methodsAt(path: string): readonly string[] {
    return [...new Set(this.#routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].toSorted();
  }

  /** Throws RouteRefused when a route does not say who may call it, or routes and declared operations differ. */
  check(operations: readonly OperationDef[]): void {
    for (const { method, url, access, operation } of this.#routes) {
      if (access === undefined || ('public' in access && access.public.trim() === '')) {
        throw new RouteRefused(`${method} ${url} is neither @Requires(permission) nor @Public(reason): say who may call it.`);
      }
      if (operation !== undefined && !operations.includes(operation)) {
        throw new RouteRefused(`${method} ${url} handles ${operation.id}, which the service does not list among its operations.`);
      }
    }
    const handled = new Set(this.#routes.map(({ operation }) => operation));
    const missing = operations.find((operation) => !handled.has(operation));
    if (missing !== undefined) throw new RouteRefused(`${missing.id} (${missing.method} ${missing.path}) is declared, but no route handles it.`);
  }
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}$`);
}
