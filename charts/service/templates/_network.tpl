{{/* One rule of egress: peers and ports of something the platform stands on. */}}
{{- define "service.egressTo" -}}
- to: {{ toJson .to }}
  ports:
    {{- range .ports }}
    - {protocol: TCP, port: {{ int . }}}
    {{- end }}
{{- end }}

{{- define "service.egressDns" -}}
{{- with .Values.global.network.dns -}}
- to: {{ toJson .to }}
  ports:
    {{- range .ports }}
    - {protocol: UDP, port: {{ int . }}}
    - {protocol: TCP, port: {{ int . }}}
    {{- end }}
{{- end }}
{{- end }}

{{/* Servers of the databases of this pod's services: the one of all, or one of its own. */}}
{{- define "service.egressDatabases" -}}
{{- $database := .Values.global.network.database -}}
{{- $common := false -}}
{{- range $service := .Values.services | default (list .Chart.Name) }}
{{- with index $database.of $service }}
{{ include "service.egressTo" (dict "to" .to "ports" $database.ports) }}
{{- else }}{{ $common = true }}{{- end }}
{{- end }}
{{- if $common }}
{{ include "service.egressTo" (dict "to" $database.to "ports" $database.ports) }}
{{- end }}
{{- end }}

{{/* Addresses of the pod's services, as a JSON list. */}}
{{- define "service.apis" -}}
{{- $paths := list -}}
{{- range .Values.services | default (list .Chart.Name) }}{{ $paths = append $paths (printf "/api/%s" .) }}{{ end -}}
{{- $paths | toJson -}}
{{- end }}

{{/* Everything that leads here, as a JSON list. */}}
{{- define "service.prefixes" -}}
{{- $documents := ternary (list "/docs" "/openapi" "/asyncapi" "/problems" "/runbooks") list (has .Chart.Name .Values.global.documents) -}}
{{- concat (include "service.apis" . | fromJsonArray) $documents .Values.route.prefixes | toJson -}}
{{- end }}

{{- define "service.paths" -}}
{{- range include "service.prefixes" . | fromJsonArray -}}
- path: {type: PathPrefix, value: {{ . | quote }}}
{{ end -}}
{{- end }}
