import { Controller } from '@nestjs/common';
import { type Answer, type Call, type Page } from '@quan-so/contract';
import {
  ListCalendars,
  ListCodeLists,
  ListProcedures,
  ListUnits,
  ReadAuthority,
  ReadCalendar,
  ReadCodeList,
  ReadProcedure,
  ReadUnit,
  type AuthorityInfo,
  type Calendar,
  type CodeList,
  type Procedure,
  type Unit,
} from '@quan-so/contracts-data';
import { Handles } from '@quan-so/http';
import { ReferenceService, type ItemView } from './reference.service.js';

type One<B> = Promise<Answer<ItemView<B>>>;
type Many<B> = Promise<Answer<Page<ItemView<B>>>>;

/** One line per route; access and schemas are the operation's. */
@Controller()
export class ReferenceController {
  constructor(private readonly reference: ReferenceService) {}

  @Handles(ReadAuthority) authority(call: Call<typeof ReadAuthority>): One<AuthorityInfo> { return this.reference.getAuthority(call.query); }
  @Handles(ListProcedures) procedures(call: Call<typeof ListProcedures>): Many<Procedure> { return this.reference.list('procedure', call); }
  @Handles(ReadProcedure) procedure(call: Call<typeof ReadProcedure>): One<Procedure> { return this.reference.get('procedure', call.params.code, call.query); }
  @Handles(ListCalendars) calendars(call: Call<typeof ListCalendars>): Many<Calendar> { return this.reference.list('calendar', call); }
  @Handles(ReadCalendar) calendar(call: Call<typeof ReadCalendar>): One<Calendar> { return this.reference.get('calendar', call.params.code, call.query); }
  @Handles(ListUnits) units(call: Call<typeof ListUnits>): Many<Unit> { return this.reference.list('unit', call); }
  @Handles(ReadUnit) unit(call: Call<typeof ReadUnit>): One<Unit> { return this.reference.get('unit', call.params.code, call.query); }
  @Handles(ListCodeLists) codeLists(call: Call<typeof ListCodeLists>): Many<CodeList> { return this.reference.list('code-list', call); }
  @Handles(ReadCodeList) codeList(call: Call<typeof ReadCodeList>): One<CodeList> { return this.reference.get('code-list', call.params.code, call.query); }
}
