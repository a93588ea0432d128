import { createPublicKey, type KeyObject } from 'node:crypto';
import { createParamDecorator, ForbiddenException, Injectable, SetMetadata, UnauthorizedException, type CanActivate, type ExecutionContext, type OnModuleInit } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { JwtService } from '@nestjs/jwt';

export interface User {
  readonly sub: string;
  readonly azp: string;
  readonly preferred_username: string;
  readonly name: string;
  readonly positions: readonly string[];
}

const ROLES = 'roles';
export const Roles = (...roles: string[]) => SetMetadata(ROLES, roles);
export const CurrentUser = createParamDecorator((_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest().user as User);

/** The guard of Nest's own documentation (authentication, authorization), with the issuer's key read once. */
@Injectable()
export class AuthGuard implements CanActivate, OnModuleInit {
  private key: KeyObject;

  constructor(
    private readonly jwt: JwtService,
    private readonly reflector: Reflector,
  ) {}

  async onModuleInit(): Promise<void> {
    const { jwks_uri } = (await (await fetch(`${process.env['OIDC_ISSUER']}/.well-known/openid-configuration`)).json()) as { jwks_uri: string };
    const { keys } = (await (await fetch(jwks_uri)).json()) as { keys: Record<string, string>[] };
    this.key = createPublicKey({ key: keys[0] as never, format: 'jwk' });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest();
    const [type, token] = request.headers.authorization?.split(' ') ?? [];
    if (type !== 'Bearer') throw new UnauthorizedException();
    let user: User;
    try {
      user = await this.jwt.verifyAsync<User & object>(token, { publicKey: this.key as never, algorithms: ['RS256'], issuer: process.env['OIDC_ISSUER'], audience: 'quan-so-api' });
    } catch {
      throw new UnauthorizedException();
    }
    request.user = user;
    const roles = this.reflector.getAllAndOverride<string[] | undefined>(ROLES, [context.getHandler(), context.getClass()]);
    if (roles !== undefined && !user.positions.some((position) => roles.includes(position.split('@')[0] ?? ''))) throw new ForbiddenException();
    return true;
  }
}
