import { type HttpApp, type HttpOptions } from './http-options.js';

/** Starts the door of a service; it does not listen yet. */
export declare function createHttpApp(options: HttpOptions): Promise<HttpApp>;
