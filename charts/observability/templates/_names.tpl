{{- define "observability.meta" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  app.kubernetes.io/name: {{ .name }}
  app.kubernetes.io/instance: {{ .root.Release.Name }}
  app.kubernetes.io/part-of: quan-so-observability
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  {{- range $label, $value := .labels }}
  {{ $label }}: {{ $value | quote }}
  {{- end }}
{{- end }}

{{/* The rules with an authority's own address in every runbook. */}}
{{- define "observability.rules" -}}
{{- .Files.Get "files/rules.yaml" | replace "https://platform.example.vn" .Values.platform.url -}}
{{- end }}
