{{/* Peers and rules. Labels of pods are those that the operators give. */}}

{{- define "infrastructure.fromRole" -}}
- namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{ .root.Values.platform.namespace }}}}
  podSelector:
    matchLabels: {app.kubernetes.io/part-of: quan-so}
    matchExpressions:
      - {key: quan-so.vn/role, operator: In, values: {{ toJson .roles }}}
      {{- with .layers }}
      - {key: quan-so.vn/layer, operator: In, values: {{ toJson . }}}
      {{- end }}
{{- end }}

{{- define "infrastructure.egressDns" -}}
{{- with .Values.network.dns -}}
- to: {{ toJson .to }}
  ports:
    {{- range .ports }}
    - {protocol: UDP, port: {{ int . }}}
    - {protocol: TCP, port: {{ int . }}}
    {{- end }}
{{- end }}
{{- end }}

{{- define "infrastructure.egressTo" -}}
- to: {{ toJson .to }}
  ports:
    {{- range .ports }}
    - {protocol: TCP, port: {{ int . }}}
    {{- end }}
{{- end }}

{{/* Clusters of PostgreSQL with the layers whose databases they hold. */}}
{{- define "infrastructure.layersOf" -}}
{{- $layers := dict -}}
{{- range (.root.Files.Get "files/contracts.json" | fromJson).services -}}
{{- if eq $.cluster (include "infrastructure.cluster" (dict "root" $.root "layer" .layer)) }}{{ $_ := set $layers .layer true }}{{ end -}}
{{- end -}}
{{- keys $layers | sortAlpha | toJson -}}
{{- end }}

{{- define "infrastructure.clusters" -}}
{{- $clusters := list "postgres" -}}
{{- range (.Files.Get "files/contracts.json" | fromJson).services -}}
{{- $clusters = append $clusters (include "infrastructure.cluster" (dict "root" $ "layer" .layer)) -}}
{{- end -}}
{{- uniq $clusters | toJson -}}
{{- end }}
