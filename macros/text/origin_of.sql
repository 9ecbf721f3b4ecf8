{#
    A source, medium or campaign as rules see it: trimmed and in lower case, an empty text where there is none.

    Example: origin_of('touches.medium')
#}
{% macro origin_of(text) -%}
    coalesce(lower(trim(both ' ' from {{ text }})), '')
{%- endmacro %}
