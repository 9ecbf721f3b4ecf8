{#
    A stable text key: the hash of the columns' texts in their order, the same in every build and engine. Each text is
    escaped before they are joined by |, so that different texts give different keys; null is none of them.
    Arguments are SQL expressions of type string.

    Example: stable_key(['source_system', 'deal_id'])
#}
{% macro stable_key(columns) -%}
    md5(concat_ws('|', {% for column in columns %}coalesce(replace(replace({{ column }}, '~', '~0'), '|', '~1'), '~'){{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}
