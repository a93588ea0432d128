import { Body, Controller, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import { CurrentUser, Roles, type User } from './auth.guard.js';
import { DossiersService, type Command } from './dossiers.service.js';
import type { DossierView } from './dossier.view.js';
import { AssignDossierDto, ProposeResultDto, ReceiveDossierDto, ReviewDraftDto } from './dto.js';

/** What both Express and Fastify have. */
interface Reply {
  header(name: string, value: string): unknown;
}

@Controller('api/dossiers/v1/dossiers')
export class DossiersController {
  constructor(private readonly dossiers: DossiersService) {}

  @Post()
  @Roles('desk-clerk')
  async receive(@CurrentUser() user: User, @Headers('idempotency-key') key: string, @Body() body: ReceiveDossierDto, @Res({ passthrough: true }) reply: Reply): Promise<DossierView> {
    const view = await this.dossiers.receive({ operation: 'receive', user, key, body }, body);
    reply.header('location', `/api/dossiers/v1/dossiers/${view.id}`);
    return tagged(view, reply);
  }

  @Post(':id/assignment')
  @HttpCode(200)
  @Roles('division-head', 'authority-lead')
  async assign(@CurrentUser() user: User, @Param('id', ParseUUIDPipe) id: string, @Headers() headers: Record<string, string>, @Body() body: AssignDossierDto, @Res({ passthrough: true }) reply: Reply): Promise<DossierView> {
    return tagged(await this.dossiers.assign(commandOf('assign', user, id, headers, body), body), reply);
  }

  @Post(':id/proposal')
  @HttpCode(200)
  @Roles('specialist')
  async propose(@CurrentUser() user: User, @Param('id', ParseUUIDPipe) id: string, @Headers() headers: Record<string, string>, @Body() body: ProposeResultDto, @Res({ passthrough: true }) reply: Reply): Promise<DossierView> {
    return tagged(await this.dossiers.propose(commandOf('propose', user, id, headers, body), body), reply);
  }

  @Post(':id/review')
  @HttpCode(200)
  @Roles('division-head')
  async review(@CurrentUser() user: User, @Param('id', ParseUUIDPipe) id: string, @Headers() headers: Record<string, string>, @Body() body: ReviewDraftDto, @Res({ passthrough: true }) reply: Reply): Promise<DossierView> {
    return tagged(await this.dossiers.review(commandOf('review', user, id, headers, body), body), reply);
  }

  @Get(':id')
  async read(@CurrentUser() user: User, @Param('id', ParseUUIDPipe) id: string, @Headers('purpose-code') purpose: string | undefined, @Res({ passthrough: true }) reply: Reply): Promise<DossierView> {
    return tagged(await this.dossiers.read(id, user, purpose), reply);
  }
}

function commandOf(operation: string, user: User, id: string, headers: Record<string, string>, body: object): Command {
  return { operation, user, id, key: headers['idempotency-key'] ?? '', version: Number(headers['if-match']?.replaceAll('"', '')), body };
}

function tagged(view: DossierView, reply: Reply): DossierView {
  reply.header('etag', `"${view.version}"`);
  return view;
}
