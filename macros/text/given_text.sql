{#
    A value as somebody gave it: null for what analytics write where nobody did.

    Example: given_text('events.utm_source')
#}
{% macro given_text(value) -%}
    case when lower({{ value }}) not in ('(direct)', '(none)', '(not set)') then {{ value }} end
{%- endmacro %}
