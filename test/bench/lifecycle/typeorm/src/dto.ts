import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';

export class ApplicantDto {
  @IsIn(['citizen', 'organisation', 'state-agency', 'other']) kind: string;
  @IsString() @Length(1, 200) name: string;
  @IsOptional() @Matches(/^\d{12}$/) personalNumber?: string;
  @IsOptional() @IsString() @MaxLength(14) organisationCode?: string;
  @IsOptional() @IsString() @MaxLength(20) phone?: string;
  @IsOptional() @IsString() @MaxLength(300) address?: string;
}

export class PaperDto {
  @IsString() @Length(1, 300) name: string;
  @IsInt() @Min(0) @Max(99) originals: number;
  @IsInt() @Min(0) @Max(99) copies: number;
}

export class ReceiveDossierDto {
  @Matches(/^\d\.\d{6}$/) procedure: string;
  @IsString() @Length(1, 60) case: string;
  @IsIn(['counter', 'post']) channel: string;
  @IsString() @Length(1, 1000) summary: string;
  @ValidateNested() @Type(() => ApplicantDto) applicant: ApplicantDto;
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => PaperDto) papers: PaperDto[];
  @IsOptional() @IsString() @MaxLength(20) receivingUnit?: string;
}

export class AssignDossierDto {
  @IsString() @Length(1, 60) specialist: string;
  @IsOptional() @IsString() @MaxLength(2000) note?: string;
}

export class ProposeResultDto {
  @IsIn(['granted', 'refused']) outcome: string;
  @IsOptional() @IsString() @MaxLength(20) result?: string;
  @IsString() @Length(1, 2000) reason: string;
}

export class ReviewDraftDto {
  @IsIn(['approved', 'sent-back']) verdict: string;
  @IsOptional() @IsString() @MaxLength(2000) note?: string;
}
