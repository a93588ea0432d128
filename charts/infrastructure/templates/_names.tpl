{{- define "infrastructure.meta" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  app.kubernetes.io/name: {{ .name }}
  app.kubernetes.io/instance: {{ .root.Release.Name }}
  app.kubernetes.io/part-of: quan-so-datastores
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "infrastructure.platform" -}}
- namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{ .Values.platform.namespace }}}}
  podSelector: {matchLabels: {app.kubernetes.io/part-of: quan-so}}
{{- end }}

{{/* Cluster that holds a service's database: that of its layer. */}}
{{- define "infrastructure.cluster" -}}
{{- if and .root.Values.postgres.security.enabled (eq .layer "security") }}postgres-security{{ else }}postgres{{ end -}}
{{- end }}
