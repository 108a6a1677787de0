// Where an element is: what the controls are told of it.

export function pointed(node) {
  const place = JSON.parse(node.closest("[data-place]").dataset.place);
  const { block, action, type } = node.closest("[data-action]").dataset;
  return { ...place, block_id: block, action_id: action, type };
}
