import 'reflect-metadata';
import { type PermissionDef } from '@quan-so/contract';

/** What a route asks of its caller; a route without one does not start. */
export type Access = { readonly permission: PermissionDef } | { readonly public: string };

const ACCESS = 'quan-so:access';

/** The route (or every route of the class) is for holders of the permission. */
export function Requires(permission: PermissionDef): ClassDecorator & MethodDecorator {
  return mark({ permission });
}

/** The route is open to anybody, and why. */
export function Public(reason: string): ClassDecorator & MethodDecorator {
  if (reason.trim() === '') throw new TypeError('@Public needs a reason');
  return mark({ public: reason });
}

/** The access of a handler, else of its class; undefined when neither says. */
export function accessOf(handler: object, controller?: object): Access | undefined {
  return (Reflect.getMetadata(ACCESS, handler) ?? (controller && Reflect.getMetadata(ACCESS, controller))) as Access | undefined;
}

function mark(access: Access): ClassDecorator & MethodDecorator {
  return (target: object, _key?: unknown, descriptor?: PropertyDescriptor) => {
    const marked: unknown = descriptor === undefined ? target : descriptor.value;
    Reflect.defineMetadata(ACCESS, Object.freeze(access), marked as object);
  };
}
