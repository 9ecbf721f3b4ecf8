{#
    A stable text key: the hash of the columns' texts in their order, the same in every build and engine.
    Null differs from empty. Arguments are SQL expressions of type string.

    Example: stable_key(['source_system', 'deal_id'])
#}
{% macro stable_key(columns) -%}
    md5(concat_ws('|', {% for column in columns %}coalesce(replace({{ column }}, '|', '||'), '|-|'){{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}
