{#
    Generic test: none of `columns` is null in any row. One scan for all of them, since each test costs a run some time.

    Example:
        data_tests:
          - never_null:
              arguments: {columns: [deal_key, created_at]}
#}
{% test never_null(model, columns) %}

select {{ columns | join(', ') }}
from {{ model }}
where
    {% for column in columns -%}
    {{ column }} is null{{ ' or ' if not loop.last }}
    {%- endfor %}

{% endtest %}
