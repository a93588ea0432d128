{{/* Pods of the platform that serve; with `migrations` also those that prepare the database. */}}
{{- define "store.fromPlatform" -}}
- namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{ .root.Values.platform.namespace }}}}
  podSelector:
    matchLabels: {app.kubernetes.io/part-of: quan-so}
    matchExpressions: [{key: quan-so.vn/role, operator: In, values: [service{{ if .migrations }}, migration{{ end }}]}]
{{- end }}

{{- define "store.fromHere" -}}
- podSelector:
    matchLabels: {app.kubernetes.io/part-of: quan-so-datastores, app.kubernetes.io/name: {{ . }}}
{{- end }}

{{- define "store.egressDns" -}}
{{- with .Values.network.dns -}}
- to: {{ toJson .to }}
  ports:
    {{- range .ports }}
    - {protocol: UDP, port: {{ int . }}}
    - {protocol: TCP, port: {{ int . }}}
    {{- end }}
{{- end }}
{{- end }}
